import type { Locator } from 'playwright-core';
import { eventually } from './eventually.js';
import type { Workbench } from './workbench.js';

/**
 * Fails where one of these elements stands out less from what lies behind it than the ratio says (WCAG 2.2, 1.4.3), once the
 * colours of a new theme have settled.
 */
export async function demandContrast(elements: Locator, least: number): Promise<void> {
  let faint: readonly string[] = ['there is nothing to read'];
  const settled = eventually('all can be read', async () => {
    const found = await elements.evaluateAll(contrasts);
    faint = found
      .filter(({ ratio }) => ratio < least)
      .map(({ text, ratio }) => `"${text}": ${ratio.toFixed(2)}`);
    return found.length > 0 && faint.length === 0;
  });
  await settled.catch((cause: unknown) => {
    throw new Error(`Too faint: ${faint.join(', ')}`, { cause });
  });
}

/** Labels, descriptions and icons of the rows that the side bar shows. */
export async function demandLegibleRows(workbench: Workbench): Promise<void> {
  await workbench.rowsWhen('there are rows to read', (rows) => rows.length > 10);
  const { sideBar } = workbench;
  const parts = ['.label-name', '.label-description', '.custom-view-tree-node-item-icon'];
  await demandContrast(sideBar.getByRole('treeitem').locator(parts.join(', ')), 3);
}

/** The contrast of each element that shows something to what lies behind it; runs in the page. */
function contrasts(
  elements: readonly unknown[],
): readonly { readonly text: string; readonly ratio: number }[] {
  interface Styled {
    readonly parentElement: Styled | null;
    readonly textContent: string | null;
  }
  interface Style {
    readonly color: string;
    readonly backgroundColor: string;
    readonly opacity: string;
    readonly content: string;
    getPropertyValue(name: string): string;
  }
  const { getComputedStyle: style, document } = globalThis as unknown as {
    getComputedStyle: (of: Styled, pseudo?: string) => Style;
    document: { readonly documentElement: Styled };
  };
  const parse = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
  const over = (front: number[], alpha: number, back: number[]): number[] =>
    [0, 1, 2].map((index) => (front[index] ?? 0) * alpha + (back[index] ?? 0) * (1 - alpha));
  const luminance = (color: number[]): number => {
    const [red = 0, green = 0, blue = 0] = color.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  // A page of an extension lies on the editor.
  const hex = /^#(..)(..)(..)$/.exec(
    style(document.documentElement).getPropertyValue('--vscode-editor-background').trim(),
  );
  const base = hex === null ? [255, 255, 255] : hex.slice(1).map((part) => Number.parseInt(part, 16));
  return (elements as readonly Styled[]).flatMap((element) => {
    const text = (element.textContent ?? '').trim();
    const before = style(element, '::before');
    const isIcon = before.content !== 'none' && before.content !== 'normal';
    if (text === '' && !isIcon) {
      return [];
    }
    const layers: number[][] = [];
    let opacity = 1;
    for (let at: Styled | null = element; at !== null; at = at.parentElement) {
      const { backgroundColor, opacity: own } = style(at);
      opacity *= Number(own);
      layers.unshift(parse(backgroundColor));
    }
    const background = layers.reduce((back, layer) => over(layer, layer[3] ?? 1, back), base);
    const own = parse(isIcon ? before.color : style(element).color);
    const front = over(own, (own[3] ?? 1) * opacity, background);
    const [light = 0, dark = 0] = [luminance(front), luminance(background)].sort((a, b) => b - a);
    return [{ text: text.slice(0, 60), ratio: (light + 0.05) / (dark + 0.05) }];
  });
}
