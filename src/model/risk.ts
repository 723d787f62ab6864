// What was asked for and makes a run less safe, in a sentence: old algorithms, a node that is taken on trust.

export type Risk = { readonly host?: string; readonly text: string }

/** As one line. */
export const riskLine = ({ host, text }: Risk): string => (host === undefined ? text : `${host}: ${text}`)
