package dev.p2pcp.web.harness;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.Locations;
import dev.p2pcp.server.IndexServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

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

  /** Puts itself between the desk and what it looks things up in. */
  @Bean
  static BeanPostProcessor liar() {
    return new BeanPostProcessor() {
      @Override
      public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof Locations ? lying(bean) : bean;
      }
    };
  }

  private static Object lying(Object honest) {
    return Proxy.newProxyInstance(
        honest.getClass().getClassLoader(),
        ClassUtils.getAllInterfaces(honest),
        (proxy, method, arguments) -> {
          if (method.getName().equals("here")) {
            return Optional.empty();
          }
          try {
            Object answer = method.invoke(honest, arguments);
            return method.getName().equals("lookup") ? less(arguments[0], answer) : answer;
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
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
