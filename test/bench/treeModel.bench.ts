import { measureTreeModel } from './treeModel.js';

for (const { name, firstMs, medianMs, bareMedianMs, ratio } of measureTreeModel()) {
  console.log(
    `${name}: first ${firstMs.toFixed(1)} ms, median ${medianMs.toFixed(1)} ms, bare loop ${bareMedianMs.toFixed(1)} ms, ratio ${ratio.toFixed(1)}`,
  );
}
