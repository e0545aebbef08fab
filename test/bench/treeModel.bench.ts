import { aimText, milliseconds, spreadText, type Tell } from './figures.js';
import { measureTreeModel } from './treeModel.js';

export function measure(tell: Tell): void {
  for (const { name, firstMs, medianMs, bareMedianMs, ratio } of measureTreeModel()) {
    tell({
      what: name,
      here: `${milliseconds(medianMs)}, the first time ${milliseconds(firstMs)}`,
      beside: `bare loop: ${milliseconds(bareMedianMs)}`,
      ratio: spreadText(ratio),
      ...(name.startsWith('texts') ? {} : { aim: aimText(medianMs, 16, 'ms') }),
    });
  }
}
