import type { Figure } from '../../test/bench/figures.js';

export function figureRow(figure: Figure): string;
export function figureTable(figures: readonly Figure[], taken: string): string;
export function withFigures(document: string, name: string, block: string): string;
