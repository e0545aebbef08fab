// Installs a Debian package where that is possible without asking anybody: on Debian or a child of it, as root.
import { existsSync } from 'node:fs';
import { run } from './children.mjs';

let listsAreFresh = false;

export function canInstallPackages() {
  return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/** Installs the first of these alternatives that the distribution has; returns whether one was installed. */
export function installOneOf(alternatives) {
  if (!canInstallPackages()) {
    return false;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  if (!listsAreFresh) {
    run('apt-get', ['update', '-q'], { env });
    listsAreFresh = true;
  }
  return alternatives.some((packageName) => {
    console.log(`Installing ${packageName} …`);
    return (
      run('apt-get', ['install', '-y', '-q', '--no-install-recommends', packageName], { env }).status === 0
    );
  });
}
