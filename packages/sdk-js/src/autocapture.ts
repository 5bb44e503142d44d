import type { ElementOptions } from './autocapture-element.ts';
import { describe, elementsOf, field, subjectOf, trackProperties } from './autocapture-element.ts';
import { watchDeadClick } from './autocapture-dead-click.ts';
import { watchDepth } from './autocapture-depth.ts';
import type { Client, Module, Properties } from './client.ts';
import { guard } from './guard.ts';

export type Kind = 'click' | 'rage' | 'dead' | 'input' | 'submit' | 'scroll' | 'leave';

export interface AutocaptureOptions extends ElementOptions {
  /** Kinds that are captured. Default: all. Elements with `data-track` are, in any case. */
  readonly only?: readonly Kind[];
  /** Parts of addresses: pages whose address has none of these, or one of those, are left alone. */
  readonly allowUrls?: readonly string[];
  readonly blockUrls?: readonly string[];
}

const perSecondMax = 20;
/** Rage: that many clicks, so close in time and place. */
const rageClicks = 4;
const rageMs = 1000;
const ragePixels = 30;

/**
 * Captures what people do without code of the page, under the names Mixpanel's client uses for it, and
 * elements with `data-track` as events of their own name (`browser-sdk.md` 10).
 */
export function autocapture(options: AutocaptureOptions = {}): Module {
  return (client) => {
    const { only, allowUrls, blockUrls } = options;
    const has = (kind: Kind): boolean => !only || only.includes(kind);
    const isOfPage = (part: string): boolean => location.href.includes(part);
    const isQuiet = (): boolean =>
      (allowUrls && !allowUrls.some(isOfPage)) || !!blockUrls?.some(isOfPage);
    const ends: (() => void)[] = [];
    const tell = limited(client);
    const isRage = rageWatch();

    const listen = (name: string, run: (path: readonly Element[], event: Event) => void): void => {
      const listener = guard((event: Event) => {
        const path = isQuiet() ? [] : elementsOf(event, options);
        if (path.length > 0) run(path, event);
      });
      window.addEventListener(name, listener, { capture: true, passive: true });
      ends.push(() => window.removeEventListener(name, listener, true));
    };
    const tellOf = (name: string, path: readonly Element[], more?: Properties): void => {
      const subject = subjectOf(path);
      if (!subject) return;
      tell(name, { ...describe(path.slice(path.indexOf(subject)), options), ...more });
    };
    /** Elements that name their event: a form when it is sent, others when they are clicked. */
    const tellNamed = (path: readonly Element[], isForm: boolean): void => {
      const named = path.find((element) => element.hasAttribute('data-track'));
      if (named && (named.localName === 'form') === isForm) {
        tell(named.getAttribute('data-track') ?? '', trackProperties(named));
      }
    };

    listen('click', (path, event) => {
      const { clientX, clientY, pageX, pageY } = event as MouseEvent;
      const position = { $page_x: Math.round(pageX), $page_y: Math.round(pageY) };
      tellNamed(path, false);
      if (has('click')) tellOf('$mp_click', path, position);
      if (has('rage') && isRage(clientX, clientY)) tellOf('$mp_rage_click', path, position);
      const isLeaving = path.some((element) => element.matches(`${field},a[target],a[download]`));
      if (has('dead') && !isLeaving) {
        watchDeadClick(() => tellOf('$mp_dead_click', path, position));
      }
    });
    listen('submit', (path) => {
      tellNamed(path, true);
      if (has('submit')) tellOf('$mp_submit', path);
    });
    if (has('input')) listen('change', (path) => tellOf('$mp_input_change', path));
    if (has('scroll') || has('leave')) {
      ends.push(
        watchDepth(client, {
          onCheckpoint(percent) {
            if (!has('scroll') || isQuiet()) return;
            tell('$mp_scroll', { $scroll_percentage: percent, $scroll_checkpoint: percent });
          },
          onLeave(properties) {
            if (has('leave') && !isQuiet()) tell('$mp_page_leave', properties);
          },
        }),
      );
    }
    return () => ends.forEach((end) => end());
  };
}
// What the tag loads.
export default autocapture;

/** Surplus over so many a second is counted and told with the next one (SDK-AC7). */
function limited(client: Client): (name: string, properties: Properties) => void {
  let since = -Infinity;
  let count = 0;
  let surplus = 0;
  return (name, properties) => {
    const now = performance.now();
    if (now - since >= 1000) {
      since = now;
      count = 0;
    }
    if (++count > perSecondMax) {
      surplus++;
      return;
    }
    const lost = surplus > 0 ? { $dropped: surplus, $dropped_reason: 'rate' } : {};
    surplus = 0;
    client.track(name, { ...properties, ...lost });
  };
}

/** Tells whether a click is the one that makes it rage. */
function rageWatch(): (x: number, y: number) => boolean {
  let clicks: { x: number; y: number; at: number }[] = [];
  return (x, y) => {
    const at = performance.now();
    clicks = clicks.filter(
      (one) => at - one.at < rageMs && Math.hypot(one.x - x, one.y - y) <= ragePixels,
    );
    clicks.push({ x, y, at });
    const isRage = clicks.length >= rageClicks;
    if (isRage) clicks = [];
    return isRage;
  };
}
