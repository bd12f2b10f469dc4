package org.jvmipc.spi;

/**
 * What of a file is to be dumped.
 *
 * @param records how many records at most
 * @param payload how many bytes of each payload at most
 */
public record DumpOptions(long records, int payload) {
}
