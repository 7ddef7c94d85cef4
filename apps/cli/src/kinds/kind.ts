import type { Route } from '@caravan/api';

/** One resource as the API answers it. */
export type Item = Readonly<Record<string, unknown>>;

export type KindName =
  | 'backbone'
  | 'backbone-site'
  | 'access-point'
  | 'link'
  | 'network'
  | 'site-class'
  | 'invitation'
  | 'join-token'
  | 'claim'
  | 'member'
  | 'listener'
  | 'connector'
  | 'authority'
  | 'authority-request'
  | 'certificate'
  | 'rotation'
  | 'revocation'
  | 'site-state';

/** How the text of an option becomes a value of a request. A `ref` is the name or id of something else. */
export type FieldType =
  'text' | 'switch' | 'integer' | 'limit' | 'time' | 'duration' | 'seconds' | 'texts' | 'asks' | 'ref' | 'refs';

/** An option (or the argument) of a kind that fills one field of a request: of its path, its query or its body. */
export interface Field {
  readonly flag: string;
  readonly value: string;
  /** `tls.certificate`: a field of a field. */
  readonly field: string;
  readonly about: string;
  readonly type?: FieldType;
  /** Of a `ref`: what it refers to. One that is not given is the only one there is, unless `optional`. */
  readonly to?: KindName;
  readonly optional?: true;
  /** Of a `ref`: only those that this holds for. */
  readonly where?: Readonly<Record<string, string>>;
}

export interface Column {
  readonly title: string;
  readonly field: string;
  /** Worked out from the whole item instead. */
  readonly of?: (item: Item) => unknown;
  readonly wide?: true;
}

/** What a name stands for: `(kind, id) => label`, the id itself when it is not known. */
export type Names = (kind: KindName, id: unknown) => string;

/** Everything that the verbs need to know about one kind of resource. */
export interface Kind {
  readonly name: KindName;
  readonly plural: string;
  readonly short: readonly string[];
  readonly about: string;
  /** Outermost first. Their ids are parameters of this kind's paths. */
  readonly parents: readonly KindName[];
  /** How paths and other resources' fields call its id. */
  readonly idField: string;
  /** The option that names one of this kind as a parent. */
  readonly flag: string;
  readonly routes: {
    readonly list?: Route;
    readonly get?: Route;
    readonly create?: Route;
    readonly delete?: Route;
    readonly revoke?: Route;
    readonly approve?: Route;
    readonly decline?: Route;
  };
  /** Fields that hold ids, besides those called like a kind's `idField`. */
  readonly refs?: Readonly<Record<string, KindName>>;
  readonly columns: readonly Column[];
  /** What one may be called besides its id; the first is shown. Several items may share one: then it is ambiguous. */
  readonly labels: (item: Item, names: Names) => readonly string[];
  /** Fields whose names stand in labels; learning every field's would list half of the installation. */
  readonly labelFields?: readonly string[];
  /** No label of it is its own: `-o name` prints ids. */
  readonly nameless?: true;
  /** Which of several that share a label is meant; undefined: it is ambiguous. */
  readonly meant?: (items: readonly Item[]) => Item | undefined;
  /** Options of `get` that narrow a list. */
  readonly filters?: readonly Field[];
  readonly argument?: Field;
  readonly fields?: readonly Field[];
  /** Fields that are shown otherwise than the API says them, worked out from the whole item; never in `-o json`. */
  readonly shown?: Readonly<Record<string, (item: Item) => string>>;
  /** Field, then value as it is shown, then what that value means. */
  readonly meanings?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What `describe` lists beneath it; `by`: the filter that narrows to this one. */
  readonly children?: readonly { readonly kind: KindName; readonly by?: string }[];
  /** `describe` adds what the site itself reports. */
  readonly isSite?: true;
  /** Has no list of its own: one is found by the name of one of these. */
  readonly foundAs?: readonly KindName[];
  /** Why it cannot be created by hand, and how it comes to be. */
  readonly madeBy?: string;
  readonly examples: { readonly get: string; readonly create?: string; readonly delete?: string };
}

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A site's state has no id of its own: it is that site's. */
export const idOf = (item: Item): string => text(item['id'] ?? item['siteId']);
