// What is known of how far a step is and how long it goes on: a limit, or an estimate and what it rests on.

/** The third try of five; 4 of 40 million bytes. */
export type Count = { readonly at: number; readonly of: number; readonly unit?: 'bytes' }

/** How long a step took where it was carried out before, and where or when that was, such as `on node1`. */
export type Took = { readonly ms: number; readonly where: string }

/** @param ms Milliseconds from the event on that says it; below zero where it takes longer than that. */
export type Outlook =
  /** It ends within that time, or is ended. */
  | { readonly type: 'at-most'; readonly ms: number }
  /** It is given up then, where each further try takes as long as those before. */
  | { readonly type: 'gives-up'; readonly ms: number }
  /** It is done then, where it goes on as fast as until now. */
  | { readonly type: 'at-this-pace'; readonly ms: number }
  /** It is done then, where it takes as long as before. */
  | { readonly type: 'as-before'; readonly ms: number; readonly took: Took }
