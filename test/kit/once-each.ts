// What takes long is done once for each name, when it is first asked for.

export const onceEach = <Result>(make: (name: string) => Promise<Result>): ((name: string) => Promise<Result>) => {
  const known = new Map<string, Promise<Result>>()
  return name => {
    const result = known.get(name) ?? make(name)
    known.set(name, result)
    return result
  }
}
