/** What channels count, as meters of Micrometer. */
package org.jvmipc.micrometer;
