export function temporaryFolder(prefix: string): string;
export function removeFolder(folder: string): void;
export function onEnd(cleanUp: () => unknown): () => void;
export function endAll(): Promise<void>;
