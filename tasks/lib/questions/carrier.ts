// Which network device of a node carries the network that an address belongs to.

export type Carrier = { readonly device: string; readonly prefix: number }

/** @param stdout What `ip -o -4 addr show` prints. @returns Nothing where no device is in its network. */
export const carrierOf = (ip: string, stdout: string): Carrier | undefined => {
  const found = [...stdout.matchAll(/^\d+: (\S+)\s+inet ([\d.]+)\/(\d+)/gm)]
    .map(([, device = '', own = '', bits = '']) => ({ device, own, prefix: Number(bits) }))
    .find(({ own, prefix }) => prefix < 32 && networkOf(own, prefix) === networkOf(ip, prefix))
  return found && { device: found.device, prefix: found.prefix }
}

const networkOf = (ip: string, prefix: number): number => {
  const bits = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  return Math.floor(bits / 2 ** (32 - prefix))
}
