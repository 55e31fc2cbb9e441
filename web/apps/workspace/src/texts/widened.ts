type Wide<T> = T extends string ? string : T extends (...given: infer Given) => string ? (...given: Given) => string : T extends object ? Widened<T> : T;

/** A catalogue of the same names, in other words. */
export type Widened<Catalogue> = { readonly [Name in keyof Catalogue]: Wide<Catalogue[Name]> };
