import tseslint from 'typescript-eslint';

/** Folders whose code must also run in plain Node (docs/architecture.md, "Directions"). */
const pureFolders = [
  'src/errors.ts',
  'src/pki/**',
  'src/http/**',
  'src/tenant/**',
  'src/platform/**',
  'src/inbound/**',
  'src/practice/**',
  'src/ui/flow*.ts',
  'src/views/nodes/**',
  'src/webview/protocol*.ts',
  'src/webview/html*.ts',
  'src/webview/client/**',
];

const noVscode = {
  name: 'vscode',
  message: 'This folder stays free of VS Code so that its tests run in plain Node.',
};

/** VS Code patches the default export of these modules for its proxy settings; named or namespace imports bypass it. */
const defaultImportOnly = ['http', 'https', 'net', 'tls'].flatMap((name) =>
  [name, `node:${name}`].map((id) => ({
    selector: `ImportDeclaration[source.value='${id}'][importKind!='type'] > :matches(ImportSpecifier[importKind!='type'], ImportNamespaceSpecifier)`,
    message: `Import '${id}' by its default export only: VS Code's proxy support patches that object.`,
  })),
);

/** Which sibling folders a folder may not import. */
const forbiddenDirections = {
  pki: [
    'http',
    'tenant',
    'platform',
    'inbound',
    'probe',
    'practice',
    'services',
    'ui',
    'commands',
    'views',
    'webview',
  ],
  http: [
    'pki',
    'tenant',
    'platform',
    'inbound',
    'probe',
    'practice',
    'services',
    'ui',
    'commands',
    'views',
    'webview',
  ],
  tenant: [
    'pki',
    'platform',
    'inbound',
    'probe',
    'practice',
    'services',
    'ui',
    'commands',
    'views',
    'webview',
  ],
  platform: [
    'pki',
    'tenant',
    'inbound',
    'probe',
    'practice',
    'services',
    'ui',
    'commands',
    'views',
    'webview',
  ],
  inbound: ['practice', 'services', 'ui', 'commands', 'views', 'webview'],
  probe: ['practice', 'services', 'ui', 'commands', 'views', 'webview'],
  practice: [
    'http',
    'tenant',
    'platform',
    'inbound',
    'probe',
    'services',
    'ui',
    'commands',
    'views',
    'webview',
  ],
  services: ['ui', 'commands', 'views', 'webview'],
  ui: ['commands', 'views', 'webview'],
  commands: ['views', 'webview'],
  views: ['commands', 'webview'],
  webview: ['commands', 'views'],
};

const directionRules = Object.entries(forbiddenDirections).map(([folder, forbidden]) => {
  const pure = ['pki', 'http', 'tenant', 'platform', 'inbound', 'practice'].includes(folder);
  return {
    files: [`src/${folder}/**/*.ts`],
    ignores: folder === 'webview' ? ['src/webview/client/**'] : [],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: pure ? [noVscode] : [],
          patterns: [
            {
              // Only src/extension.ts knows how the program is put together.
              regex: `^(\\.\\./)+(${[...forbidden, 'composition'].join('|')})/`,
              message: `src/${folder} must not import these folders (docs/architecture.md, "Directions").`,
            },
            ...(folder === 'http'
              ? []
              : [{ regex: '^axios', message: 'axios is used by the transport in src/http only.' }]),
          ],
        },
      ],
    },
  };
});

export default tseslint.config(
  {
    ignores: ['dist/**', 'dist-test/**', '.cache/**', 'node_modules/**', 'test/hosts/server/**', 'docs/**'],
  },
  {
    files: ['src/**/*.ts', 'test/**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './src/webview/client/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      'no-restricted-syntax': [
        'error',
        ...defaultImportOnly,
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
      ],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    // An import of types alone would load its module at run time, and with it what that one imports.
    files: ['src/**/*.ts'],
    rules: { '@typescript-eslint/no-import-type-side-effects': 'error' },
  },
  ...directionRules,
  {
    files: pureFolders.filter((glob) => /ui\/flow|views\/nodes|webview|errors/.test(glob)),
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { paths: [noVscode] }] },
  },
  {
    files: ['src/webview/client/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [noVscode],
          patterns: [{ regex: '^\\.\\./(?!protocol)', message: 'The page imports webview/protocol only.' }],
        },
      ],
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Set text as text.' },
        { property: 'outerHTML', message: 'Set text as text.' },
        { property: 'insertAdjacentHTML', message: 'Set text as text.' },
      ],
    },
  },
  {
    // The keys of a table are its type: the tables together must hold every command.
    files: ['src/commands/handlers/**/*.ts'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
);
