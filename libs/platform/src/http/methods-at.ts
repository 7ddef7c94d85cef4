/** What is used of Express's own table of routes. */
interface Layer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}
export interface RoutedRequest {
  readonly path?: string;
  readonly app?: { readonly router?: { readonly stack?: readonly Layer[] } };
}

/** The methods with which something is served at the path of a request, in capitals; none: nothing is there. */
export function methodsAt({ app, path }: RoutedRequest): string[] {
  if (path === undefined) return [];
  const layers = app?.router?.stack ?? [];
  const methods = layers
    .filter((layer) => layer.route !== undefined && layer.match(path))
    .flatMap(({ route }) => Object.keys(route?.methods ?? {}))
    .filter((method) => method !== '_all');
  return [...new Set(methods.map((method) => method.toUpperCase()))].sort();
}
