// A loopback address of this process alone: programs whose ports are fixed do not meet those of another test file.

const { pid } = process // at most 22 bits

export const ownAddress = `127.${64 + (pid >> 16)}.${(pid >> 8) & 255}.${pid & 255}`
