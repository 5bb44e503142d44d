import { type Answer, jsonAnswer } from './answer.ts';

/** How a client of `/track` and `/engage` wants to be answered (2.2, 4.1). */
export interface AnswerForm {
  readonly image: boolean;
  readonly verbose: boolean;
  /** A valid callback name; "" = none. */
  readonly callback: string;
}

/** Reads the control fields; a callback that is not a name of JavaScript is as good as none. */
export function readAnswerForm(control: (name: string) => string): AnswerForm {
  const callback = control('callback');
  return {
    image: control('img') === '1',
    verbose: isSwitchedOn(control('verbose')),
    callback: callbackPattern.test(callback) || callback === anonymousCallback ? callback : '',
  };
}

export const isSwitchedOn = (value: string): boolean => ['1', '2', 'true'].includes(value);

const callbackPattern = /^[A-Za-z0-9_$.[\]]{1,255}$/;
/** What mixpanel-browser sends in verbose mode when nobody wants the answer. */
const anonymousCallback = '(function(){})';

/** 43 bytes: a GIF of one transparent pixel. */
const transparentPixel = Buffer.from(
  'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
  'base64',
);

/** One byte and no newline: the Node client compares the whole text. */
const yes = Buffer.from('1');
const no = Buffer.from('0');

/**
 * The answer of 2.3. `error` is what is wrong when nothing was good, else null: clients read any text
 * there as a failure of the request. `detail` replaces the verbose body (`/engage` in strict mode).
 */
export function trackAnswer(error: string | null, form: AnswerForm, detail?: object): Answer {
  if (form.image) return { status: 200, contentType: 'image/gif', body: transparentPixel };
  const status = error === null ? 1 : 0;
  const json = detail ?? (form.verbose ? { status, error } : null);
  if (form.callback !== '') {
    const result = json === null ? String(status) : JSON.stringify(json);
    const body = Buffer.from(`${form.callback}(${result});`);
    return { status: 200, contentType: 'text/javascript', body };
  }
  if (json !== null) return jsonAnswer(200, json);
  return { status: 200, contentType: 'text/plain', body: error === null ? yes : no };
}
