// Names that come into a command line: none that a program would take for one of its options.

/** One word that does not begin with `-`: the name of a user or of a host, or an address. */
export const isPlainName = (name: string): boolean => /^(?!-)[^\s\p{C}]+$/u.test(name)
