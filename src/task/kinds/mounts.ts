// What the kernel says is mounted, line by line.

export type MountLine = {
  readonly source: string
  readonly at: string
  readonly fstype: string
  readonly options: string
}

/** @source Linux, fstab(5) and getmntent(3): space, tab, line feed and backslash are written as octal numbers. */
export const parseMounts = (mounts: string): readonly MountLine[] =>
  mounts
    .split('\n')
    .map(line => line.split(' ').map(unescapeOctal))
    .flatMap(([source, at, fstype, options = '']) => (source && at && fstype ? [{ source, at, fstype, options }] : []))

const unescapeOctal = (field: string): string =>
  field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
