// What a bundle requires: of Node.js, or of a package that is installed where the bundle lies.
import { createRequire } from 'node:module'

/**
 * Nearly all is of Node.js, which gives its own without the library that looks for others; not yet that of 22.0 to 22.2.
 *
 * @param file The bundle.
 */
export const requireBeside =
  (file: string) =>
  (name: string): unknown =>
    process.getBuiltinModule?.(name) ?? createRequire(file)(name)
