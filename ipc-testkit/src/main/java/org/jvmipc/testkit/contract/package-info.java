/**
 * The executable definition of the channel API: what every scheme promises, as tests that a transport's own tests
 * inherit. {@link org.jvmipc.testkit.contract.ChannelContract} and
 * {@link org.jvmipc.testkit.contract.StreamContract} run in one JVM,
 * {@link org.jvmipc.testkit.contract.ChannelContractAcrossJvms} and
 * {@link org.jvmipc.testkit.contract.StreamContractAcrossJvms} across two. A
 * {@link org.jvmipc.testkit.contract.ContractSubject} says what a scheme can do; what it says it cannot do is tested to
 * be refused as the contract demands.
 */
package org.jvmipc.testkit.contract;
