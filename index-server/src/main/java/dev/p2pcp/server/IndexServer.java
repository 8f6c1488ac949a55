package dev.p2pcp.server;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the index server. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class IndexServer {
  /** Read once, when the common pool is first used. */
  private static final String POOL = "java.util.concurrent.ForkJoinPool.common.parallelism";

  /**
   * Runs until the process is told to stop; arguments are Spring Boot's, such as {@code
   * --server.port=8080}.
   */
  public static void main(String[] arguments) {
    // With fewer than two, as on machines of one or two cores, Hazelcast starts a thread for each
    // answer of its maps, which costs more than all else that a request needs.
    if (Runtime.getRuntime().availableProcessors() <= 2) {
      System.setProperty(POOL, "2");
    }
    SpringApplication.run(IndexServer.class, arguments);
  }
}
