import { csvFileName } from '#format/csv.ts';

/** Pixels of the picture for one of the screen: sharp in print and on dense screens (UX-SV3). */
const pixelRatio = 2;

/** Saves what is drawn below an element as PNG, on the page's own ground. The library comes when it is first needed. */
export async function savePicture(element: HTMLElement, name: string): Promise<void> {
  const { toPng } = await import('html-to-image');
  const url = await toPng(element, {
    pixelRatio,
    backgroundColor: getComputedStyle(document.body).backgroundColor,
    // Fonts are the page's own already, and nothing is to be fetched for a picture.
    skipFonts: true,
  });
  const link = document.createElement('a');
  link.href = url;
  link.download = csvFileName(name).replace(/\.csv$/, '.png');
  link.click();
}
