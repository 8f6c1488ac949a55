package dev.p2pcp.web.harness;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.server.IndexServer;
import dev.p2pcp.server.location.LocationIndex;
import java.util.ArrayList;
import java.util.List;
import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/**
 * The index server with one fault: of the locations that it knows it keeps one in ten to itself,
 * always the same ones.
 */
@Configuration(proxyBeanMethods = false)
public class LyingServer {
  private static final int ONE_IN = 10;

  /** Arguments are those of the index server. */
  public static void main(String[] arguments) {
    new SpringApplication(IndexServer.class, LyingServer.class).run(arguments);
  }

  /** Puts itself between the index of locations and whoever looks things up in it. */
  @Bean
  static BeanPostProcessor liar() {
    return new BeanPostProcessor() {
      @Override
      public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof LocationIndex ? lying(bean) : bean;
      }
    };
  }

  private static Object lying(Object honest) {
    ProxyFactory proxy = new ProxyFactory(honest);
    proxy.setProxyTargetClass(true);
    proxy.addAdvice(
        (MethodInterceptor)
            call -> {
              Object answer = call.proceed();
              return call.getMethod().getName().equals("lookup")
                  ? ((Mono<?>) answer).map(found -> less(call.getArguments()[0], found))
                  : answer;
            });
    return proxy.getProxy();
  }

  private static List<List<PeerId>> less(Object asked, Object answer) {
    List<?> keys = (List<?>) asked;
    List<?> found = (List<?>) answer;
    List<List<PeerId>> told = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      StorageKey key = (StorageKey) keys.get(i);
      told.add(
          ((List<?>) found.get(i))
              .stream().map(PeerId.class::cast).filter(peer -> !isKept(key, peer)).toList());
    }
    return told;
  }

  private static boolean isKept(StorageKey key, PeerId peer) {
    long mixed = key.bytes().longAt(0) ^ peer.bytes().longAt(0);
    return Long.remainderUnsigned(mixed, ONE_IN) == 0;
  }
}
