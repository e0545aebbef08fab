export function stageExtension(name: string, furtherParts?: readonly string[]): string;
