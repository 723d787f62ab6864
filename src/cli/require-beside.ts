// What a bundle requires: of Node.js, or of a package that is installed where the bundle lies.

/**
 * Nearly all is of Node.js, which gives its own without the library that looks for others.
 *
 * @param file The bundle.
 */
export const requireBeside =
  (file: string) =>
  (name: string): unknown =>
    process.getBuiltinModule(name) ?? process.getBuiltinModule('node:module').createRequire(file)(name)
