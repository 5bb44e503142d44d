import type { Redaction } from './page.ts';
import { redactUrl } from './page.ts';

/** What of an element is told, and what is kept quiet (`browser-sdk.md` SDK-AC2, SDK-AC4). */
export interface ElementOptions extends Redaction {
  /** Texts of buttons and links too, masked. */
  readonly text?: boolean;
  /** A selector: elements outside are not captured. */
  readonly allow?: string;
  /** A selector: these elements and what is in them are not captured. */
  readonly block?: string;
}

const noTrack = '.arb-no-track,[data-no-track],.mp-no-track,.mp-sensitive';
const interactive =
  'a,button,input,select,textarea,label,summary,form,[role=button],[role=link],[data-track]';
/** What is typed or chosen there is never told. */
export const field = 'input,select,textarea,option,[contenteditable]';
const textCharactersMax = 255;
const stepsMax = 5;
/** Of `data-track-plan="pro"` the property is `plan`. */
const trackPrefix = 'data-track-';

/** The elements of an event, the innermost first, through shadow roots; empty where nothing is to be captured. */
export function elementsOf(event: Event, { allow, block }: ElementOptions): readonly Element[] {
  const path = event.composedPath().filter((node) => node instanceof Element);
  const has = (selector: string): boolean => path.some((element) => element.matches(selector));
  return has(block ? `${noTrack},${block}` : noTrack) || (allow && !has(allow)) ? [] : path;
}

/** The button, not the icon in it. */
export const subjectOf = (path: readonly Element[]): Element | undefined =>
  path.find((element) => element.matches(interactive)) ?? path[0];

/** Properties of an event that happened to the element; `path` begins with it. */
export function describe(
  path: readonly Element[],
  options: ElementOptions,
): Record<string, unknown> {
  const [element] = path;
  if (!element) return {};
  const read = (name: string): string | undefined => element.getAttribute(name) ?? undefined;
  const href = (element as HTMLAnchorElement).href;
  const label = read('aria-label');
  return {
    $el_tag_name: element.localName,
    $el_id: element.id || undefined,
    $el_classes: read('class')?.split(/\s+/),
    $el_attr__role: read('role'),
    '$el_attr__aria-label': label && mask(label),
    ...(typeof href === 'string' && linkProperties(element as HTMLAnchorElement, options)),
    ...trackProperties(element, `$el_attr__${trackPrefix}`),
    $el_selector: path.slice(0, stepsMax).map(stepOf).reverse().join(' > '),
    $el_text: options.text ? textOf(element, options) : undefined,
  };
}

/** `data-track-plan="pro"` as a property. */
export function trackProperties(element: Element, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    [...element.attributes]
      .filter(({ name }) => name.startsWith(trackPrefix))
      .map(({ name, value }) => [prefix + name.slice(trackPrefix.length), value]),
  );
}

function linkProperties(link: HTMLAnchorElement, options: ElementOptions): Record<string, unknown> {
  const isOutgoing = !!link.hostname && link.hostname !== location.hostname;
  const isDownload =
    link.hasAttribute('download') ||
    /\.(pdf|zip|docx?|xlsx?|pptx?|csv|dmg|exe|apk|mp[34])$/i.test(link.pathname);
  return {
    // An address of mail or telephone is somebody's.
    $el_attr__href: /^(mailto|tel):/.test(link.href)
      ? link.protocol
      : redactUrl(link.href, options),
    $link_type: isDownload ? 'download' : isOutgoing ? 'outgoing' : undefined,
  };
}

function stepOf(element: Element): string {
  const { localName, id, parentElement } = element;
  if (id) return `${localName}#${id}`;
  const alike = [...(parentElement?.children ?? [])].filter((one) => one.localName === localName);
  return alike.length > 1 ? `${localName}:nth-of-type(${alike.indexOf(element) + 1})` : localName;
}

/** Never of what somebody has typed, or marked as private. */
function textOf(element: Element, { block }: ElementOptions): string | undefined {
  const quiet = [field, noTrack, ...(block ? [block] : [])].join();
  if (element.matches(quiet) || element.querySelector(quiet)) return undefined;
  const text = element.textContent.replace(/\s+/g, ' ').trim();
  return mask(text).slice(0, textCharactersMax) || undefined;
}

/** Without what looks like an address of mail, a card or another long number. */
const mask = (text: string): string =>
  text.replace(/\S+@\S+/g, '***').replace(/\d(?:[ .-]?\d){7,}/g, '***');
