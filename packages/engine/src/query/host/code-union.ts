import type { PropertyValue } from '@arbor/schema/property-value';
import { PropertyDictionary } from '../../store/property-dictionary.ts';
import type { ScanDictionary } from '../scan/scan-source.ts';

/** One numbering of the values of many dictionaries. */
export class CodeUnion {
  readonly #dictionary = new PropertyDictionary();
  readonly #translations = new Map<ScanDictionary, Uint32Array>();
  #values: readonly PropertyValue[] = [null];

  /** By code of the dictionary: the code here, 0 = not translated yet (`translate`). */
  translations(dictionary: ScanDictionary): Uint32Array {
    let own = this.#translations.get(dictionary);
    if (own === undefined) {
      own = new Uint32Array(dictionary.values.length);
      this.#translations.set(dictionary, own);
    }
    return own;
  }

  /** The code here of a value of the dictionary. */
  translate(dictionary: ScanDictionary, code: number): number {
    const own = this.#dictionary.codeOf(dictionary.values[code]);
    this.translations(dictionary)[code] = own;
    return own;
  }

  /**
   * Values by code, as far as they are known now. A list never changes once it was handed out, because
   * executors remember what follows from it.
   */
  get values(): readonly PropertyValue[] {
    const { values } = this.#dictionary;
    if (values.length !== this.#values.length) this.#values = values.slice();
    return this.#values;
  }
}
