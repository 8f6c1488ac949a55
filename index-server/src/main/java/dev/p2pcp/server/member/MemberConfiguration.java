package dev.p2pcp.server.member;

import dev.p2pcp.server.cluster.MemberAttribute;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tells the other members where links to this one arrive. */
@Configuration(proxyBeanMethods = false)
class MemberConfiguration {
  /** Empty for a member that seeks no others. */
  @Bean
  MemberAttribute linkAddress(LinkPort port) {
    return new MemberAttribute(
        LinkAddress.ATTRIBUTE, port.address().map(LinkAddress::text).orElse(""));
  }
}
