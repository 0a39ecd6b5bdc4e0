/** Public keys whose private halves are printed in the protocol's test vectors. A product trusts none of them, wherever they turn up. */
export const TEST_KEYS: ReadonlySet<string> = new Set([
  'PjQ2MQ_gn2MIDc1Xp-Rxn9TQVzOfxjhzNqSl8OfS-9c', 'fZE9pEfAWD0ArCgcefat4E3dvRe77NO5aCG6dCjouvs', 'yC1fBf0cwYRK__zQu_CbnNToI_4vIGjhU0_W0zUXw2E', 'S7hU-EI-bBZP5gUieCP7FQjmWA3_SYPD42da9XOc51g',
  'F_NCPDB28jbKVSLXJVOeOVT7bh_YhB4cZ1-QjrmIM8I', 'TseLYTPHlpjWphGF2At3pgj0HY4nOI3v5KO-GcXrn3s', 'dTrrfvNc7UxykSB5PFLSDZpjik0bNKxYQRz3qiyRAyg', '4pooAqTyAwZ9qoV9oFDoemRjyPWd-XuWFLSAoqKzt0c',
  'jiYGrIbJRFM5SfU7A6fk41FAUPqA1ewSpfl-3v0PNcQ', '_ANo0Nwfe4LeDpQ27w7ceeKitNT_4bKmiei1QGRJgPU', '6iOzzzUWWcL5RbZxmFvS8tJk1KEgjPl3jt-Iwu4QQc0',
])
