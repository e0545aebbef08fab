import tseslint from 'typescript-eslint';

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

const pureDirections = ['pki', 'http', 'tenant', 'platform', 'inbound', 'practice'];

/** Files of other folders that are as free of VS Code, by folder. */
const pureFiles = {
  ui: ['src/ui/flow*.ts'],
  views: ['src/views/nodes/**/*.ts'],
  webview: ['src/webview/protocol*.ts', 'src/webview/html*.ts'],
};

/** What holds in every file of the sources. */
const plainSyntax = [
  ...defaultImportOnly,
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
];

/** Imports that a folder may not have, by a statement or when needed. */
function directionsOf(folder, pure) {
  // Only src/extension.ts knows how the program is put together.
  const directions = `^(\\.\\./)+(${[...forbiddenDirections[folder], 'composition'].join('|')})/`;
  const message = `src/${folder} must not import these folders (docs/architecture.md, "Directions").`;
  return {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        paths: pure ? [noVscode] : [],
        patterns: [
          { regex: directions, message },
          ...(folder === 'http'
            ? []
            : [{ regex: '^axios', message: 'axios is used by the transport in src/http only.' }]),
        ],
      },
    ],
    'no-restricted-syntax': [
      'error',
      ...plainSyntax,
      { selector: `ImportExpression[source.value=/${directions.replaceAll('/', '\\/')}/]`, message },
      ...(pure ? [{ selector: "ImportExpression[source.value='vscode']", message: noVscode.message }] : []),
    ],
  };
}

const directionRules = Object.keys(forbiddenDirections).flatMap((folder) => [
  {
    files: [`src/${folder}/**/*.ts`],
    ignores: folder === 'webview' ? ['src/webview/client/**'] : [],
    rules: directionsOf(folder, pureDirections.includes(folder)),
  },
  ...(pureFiles[folder] === undefined
    ? []
    : [{ files: pureFiles[folder], rules: directionsOf(folder, true) }]),
]);

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
      'no-restricted-syntax': ['error', ...plainSyntax],
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
    files: ['src/errors.ts'],
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
