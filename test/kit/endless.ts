// A command that does not end by itself, and that no other test runs: who looks for it finds nothing but its own.

let count = 0

export const endless = (): string => {
  count += 1
  return `sleep ${1_000_000 + process.pid * 100 + count}`
}
