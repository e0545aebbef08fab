import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';

export function findChromium(): string;
export function launchBrowser(): Promise<Browser>;
export function launchPersistent(
  profileFolder: string,
  options?: BrowserContextOptions,
): Promise<BrowserContext>;
