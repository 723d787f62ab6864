// What can be written to a journal, a plan or a receipt, and come back the same.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
