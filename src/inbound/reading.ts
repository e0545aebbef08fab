/** An answer that is read when it is first needed; the reason is for people. */
export type Reading<T> =
  | { readonly kind: 'reading' }
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'failed'; readonly reason: string };
