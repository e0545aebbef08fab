// The independent judges that tests use: OpenSSL and the JDK's keytool.
import { installOneOf } from './apt.mjs';
import { run } from './children.mjs';
import { findOnPath } from './commands.mjs';

const oracles = [
  { program: 'openssl', probe: ['version'], packages: ['openssl'] },
  {
    program: 'keytool',
    probe: ['-help'],
    packages: ['openjdk-17-jre-headless', 'openjdk-21-jre-headless', 'default-jre-headless'],
  },
];

/** Makes sure that each oracle runs, installing it where that is possible; returns one problem per oracle that is missing. */
export function ensureOracles() {
  return oracles.flatMap(({ program, probe, packages }) => {
    if (works(program, probe) || (installOneOf(packages) && works(program, probe))) {
      return [];
    }
    return [
      `${program} is needed as an oracle of the tests and was not found. Install it (Debian: ${packages.join(' or ')}) and put it on the PATH.`,
    ];
  });
}

function works(program, probe) {
  const path = findOnPath(program);
  return path !== undefined && run(path, probe).status === 0;
}
