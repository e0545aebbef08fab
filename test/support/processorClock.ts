/**
 * Starts counting the processor time of this process; the answer tells the milliseconds since. What else the machine does in the
 * meantime does not count, so a bound holds on a busy machine as well.
 */
export function processorClock(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
}
