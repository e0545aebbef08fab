/** The tenant id that a tree row stands for, or undefined where a command was called without one. */
export function tenantIdOf(argument: unknown): string | undefined {
  return isRecord(argument) && typeof argument.tenantId === 'string' ? argument.tenantId : undefined;
}

/** The entry that a tree row stands for. */
export function entryIdOf(argument: unknown): { tenantId: string; hexalias: string } | undefined {
  const tenantId = tenantIdOf(argument);
  return isRecord(argument) && typeof argument.hexalias === 'string' && tenantId !== undefined
    ? { tenantId, hexalias: argument.hexalias }
    : undefined;
}

/** The set-up that a mapping page hands over. */
export function setUpIdOf(argument: unknown): string | undefined {
  return isRecord(argument) && typeof argument.setUpId === 'string' ? argument.setUpId : undefined;
}

/** True for any object, so that its members can be looked at. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
