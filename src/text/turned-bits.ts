// Bytes with their bits in the other order: most of what the sum of a large file costs.

/** So few stay in the processor's own memory from one step to the next. */
export const turnedBytes = 2 ** 16

/** Has room for as many, and turns the first ones of them. */
export type Turner = { readonly room: Uint8Array; turn(count: number): void }

const load = [0x20, 1, 0xfd, 0, 0, 0] // v128.load (local.get $at)
const constant = (of: (at: number) => number) => [0xfd, 12, ...Array.from({ length: 16 }, (_, at) => of(at))]
const turnedHalf = (half: number): number => ((half & 1) << 3) | ((half & 2) << 1) | ((half & 4) >> 1) | (half >> 3)

/** Of a loop: `(func (export "turn") (param $count i32) (local $at i32) (loop $next …))`. */
const code = [
  ...[1, 1, 0x7f], // (local $at i32)
  ...[0x03, 0x40], // (loop $next
  ...[0x20, 1], // (v128.store (local.get $at) (v128.or
  ...constant(half => turnedHalf(half) << 4), // (i8x16.swizzle: the lower half of each byte becomes the upper one
  ...load,
  ...constant(() => 15),
  ...[0xfd, 78], // v128.and
  ...[0xfd, 14],
  ...constant(turnedHalf), // (i8x16.swizzle: and the upper half the lower one
  ...load,
  ...[0x41, 4, 0xfd, 109], // i8x16.shr_u by 4
  ...[0xfd, 14],
  ...[0xfd, 80, 0xfd, 11, 0, 0], // ))
  ...[0x20, 1, 0x41, 16, 0x6a, 0x22, 1], // (local.tee $at (i32.add (local.get $at) (i32.const 16)))
  ...[0x20, 0, 0x49, 0x0d, 0], // (br_if $next (i32.lt_u … (local.get $count)))
  ...[0x0b, 0x0b],
]

const ascii = (text: string) => [text.length, ...Buffer.from(text)]
const section = (id: number, ...content: number[]) => [id, content.length, ...content]

/** All of it is shorter than 128 bytes, so each length is one. @source WebAssembly 2.0, 5 "Binary Format" */
const program = Uint8Array.from([
  ...[0, ...Buffer.from('asm'), 1, 0, 0, 0],
  ...section(1, 1, 0x60, 1, 0x7f, 0), // (type (func (param i32)))
  ...section(3, 1, 0),
  ...section(5, 1, 0, 1), // (memory 1): 64 KB
  ...section(7, 2, ...ascii('room'), 2, 0, ...ascii('turn'), 0, 0),
  ...section(10, 1, code.length, ...code),
])

/** What of it is used here: the types of Node.js leave it out. */
type Wasm = {
  validate(program: Uint8Array): boolean
  readonly Module: new (program: Uint8Array) => object
  readonly Instance: new (
    module: object,
  ) => { readonly exports: { readonly room: { readonly buffer: ArrayBuffer }; readonly turn: Turner['turn'] } }
}

/** Sixteen bytes at a time; nothing where the processor cannot do that. */
export const turnerOfSixteens = (): Turner | undefined => {
  const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: Wasm } // every Node.js has it
  if (!wasm.validate(program)) return undefined
  const { room, turn } = new wasm.Instance(new wasm.Module(program)).exports
  return { room: new Uint8Array(room.buffer), turn }
}

/** Four bytes at a time. */
export const turnerOfWords = (): Turner => {
  const words = new Uint32Array(turnedBytes / 4)
  return { room: new Uint8Array(words.buffer), turn: count => turnWords(words, Math.ceil(count / 4)) }
}

/** Written out, since calls would double it. */
const turnWords = (words: Uint32Array, count: number): void => {
  for (let at = 0; at < count; at += 1) {
    const word = words[at] as number // it has as many
    const ones = ((word >>> 1) & 0x55555555) | ((word & 0x55555555) << 1)
    const twos = ((ones >>> 2) & 0x33333333) | ((ones & 0x33333333) << 2)
    words[at] = ((twos >>> 4) & 0x0f0f0f0f) | ((twos & 0x0f0f0f0f) << 4)
  }
}
