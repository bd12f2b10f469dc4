/**
 * What channels and processes have done, as numbers: read in the process itself, or from outside, also of a process
 * that hangs or has died.
 */
package org.jvmipc.observe;
