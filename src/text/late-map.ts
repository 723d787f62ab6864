// A map whose values are made when somebody asks for them: to make one may take long, and few of many are asked for.
export const lateMap = <Value>(names: Iterable<string>, make: (name: string) => Value): ReadonlyMap<string, Value> =>
  new LateMap(names, make)

class LateMap<Value> implements ReadonlyMap<string, Value> {
  readonly #names: ReadonlySet<string>
  readonly #make: (name: string) => Value
  readonly #made = new Map<string, Value>()

  constructor(names: Iterable<string>, make: (name: string) => Value) {
    this.#names = new Set(names)
    this.#make = make
  }

  get size(): number {
    return this.#names.size
  }

  has(name: string): boolean {
    return this.#names.has(name)
  }

  get(name: string): Value | undefined {
    if (this.#names.has(name) && !this.#made.has(name)) this.#made.set(name, this.#make(name))
    return this.#made.get(name)
  }

  keys(): SetIterator<string> {
    return this.#names.keys()
  }

  values(): MapIterator<Value> {
    return this.#all().values()
  }

  entries(): MapIterator<[string, Value]> {
    return this.#all().entries()
  }

  [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries()
  }

  forEach(visit: (value: Value, name: string, map: ReadonlyMap<string, Value>) => void): void {
    for (const [name, value] of this.entries()) visit(value, name, this)
  }

  /** In the order of the names, whatever was asked for first. */
  #all(): ReadonlyMap<string, Value> {
    return new Map([...this.#names].map(name => [name, this.get(name) as Value]))
  }
}
