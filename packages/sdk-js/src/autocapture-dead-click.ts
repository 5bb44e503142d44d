const waitMs = 500;
/** Signs of life, beside changes of the document and the address. */
const signs = ['scroll', 'focusin', 'selectionchange', 'visibilitychange', 'blur', 'pagehide'];

let giveUp = (): void => {};

/** Calls back if nothing at all happens to the page soon after a click; of clicks in a row, for the last one. */
export function watchDeadClick(onDead: () => void): void {
  giveUp();
  const { href } = location;
  const end = (): void => {
    clearTimeout(timer);
    observer.disconnect();
    signs.forEach((name) => window.removeEventListener(name, end, true));
  };
  const observer = new MutationObserver(end);
  const timer = setTimeout(() => {
    end();
    if (location.href === href) onDead();
  }, waitMs);
  observer.observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    characterData: true,
  });
  signs.forEach((name) => window.addEventListener(name, end, true));
  giveUp = end;
}
