// Loaded before the command (`--import`): a clock that is AHEAD_MS ahead, or behind where that is negative.
const ahead = Number(process.env.AHEAD_MS ?? 0)
const RightDate = Date

globalThis.Date = class extends RightDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RightDate.now() + ahead] : given))
  }

  static now() {
    return RightDate.now() + ahead
  }
}
