// A value that must not be seen: it prints masked wherever a value is printed.

/** What is shown in the place of a secret. */
export const secretMark = '••••••'

const store = new WeakMap<Secret, string>()

export class Secret {
  /** What the user calls it, such as `directory_password`; this may be shown. */
  readonly label: string

  constructor(label: string, value: string) {
    this.label = label
    store.set(this, value)
  }

  toString(): string {
    return secretMark
  }

  toJSON(): string {
    return this.toString()
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Secret(${this.label})`
  }
}

/** The value itself. Call it only where it leaves this process through stdin, or to compare. */
export const reveal = (secret: Secret): string => store.get(secret) ?? ''
