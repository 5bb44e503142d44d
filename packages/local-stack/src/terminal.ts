import { MultiBar, Presets, type SingleBar } from 'cli-progress';

/** What a bar shows: `done` of `total` steps of something with a name. */
export type Progress = { readonly label: string; readonly done: number; readonly total: number };

type Output = { write(text: string): unknown; readonly isTTY?: boolean };

const nameWidth = 10;
/** Bright, readable on light and dark: cyan, yellow, green, magenta, blue, and their relatives. */
const colours = [36, 33, 32, 35, 34, 96, 93, 92];

/**
 * Everything a command prints. On a terminal there are colours and one progress bar below the lines;
 * into a file or a pipe go plain lines, progress as one line every ten percent.
 */
export class Terminal {
  #output: Output;
  #isInteractive: boolean;
  #hasColours: boolean;
  #colourOf = new Map<string, number>();
  #bars: MultiBar | null = null;
  #bar: SingleBar | null = null;
  #tenths = new Map<string, number>();

  constructor(output: Output = process.stdout, env: NodeJS.ProcessEnv = process.env) {
    this.#output = output;
    this.#isInteractive = output.isTTY === true && env.TERM !== 'dumb' && env.CI === undefined;
    this.#hasColours = this.#isInteractive && env.NO_COLOR === undefined;
  }

  line(text: string): void {
    // cli-progress redraws its bar below what is logged through it.
    if (this.#bars === null) this.#output.write(`${text}\n`);
    else this.#bars.log(`${text}\n`);
  }

  /** A line of one process of the stack. */
  from(name: string, text: string): void {
    const padded = name.padEnd(nameWidth);
    if (!this.#hasColours) return this.line(`${padded} | ${text}`);
    const known = this.#colourOf.get(name);
    const colour = known ?? colours[this.#colourOf.size % colours.length] ?? 36;
    if (known === undefined) this.#colourOf.set(name, colour);
    this.line(`\u001b[${colour}m${padded} |\u001b[0m ${text}`);
  }

  progress(progress: Progress): void {
    if (this.#isInteractive) this.#draw(progress);
    else this.#printTenths(progress);
  }

  /** Removes the bar, so that nothing is drawn over what the shell prints next. */
  close(): void {
    this.#bars?.stop();
    this.#bars = null;
    this.#bar = null;
  }

  #draw({ label, done, total }: Progress): void {
    this.#bars ??= new MultiBar(
      {
        format: '{label} {bar} {percentage} %  {value} of {total}  {eta_formatted} left',
        stream: process.stdout,
        hideCursor: true,
        clearOnComplete: true,
        etaBuffer: 50,
      },
      Presets.shades_classic,
    );
    this.#bar ??= this.#bars.create(total, done, { label });
    this.#bar.setTotal(total);
    this.#bar.update(done, { label });
    if (done < total) return;
    this.close();
    this.line(`${label}: ${total} done`);
  }

  #printTenths({ label, done, total }: Progress): void {
    const tenth = total === 0 ? 10 : Math.floor((10 * done) / total);
    if (this.#tenths.get(label) === tenth) return;
    this.#tenths.set(label, tenth);
    this.line(`${label}: ${tenth * 10} %  ${done} of ${total}`);
  }
}
