package dev.p2pcp.server.http;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.PathParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.MediaType;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;

/** Puts the handler of locations at its path, and describes it, as it has no annotations. */
@Configuration(proxyBeanMethods = false)
class LocationsRoute {
  private static final String KEY = "storageKey";

  @Bean
  SimpleUrlHandlerMapping locationsMapping(LocationsHandler locations) {
    SimpleUrlHandlerMapping mapping =
        new SimpleUrlHandlerMapping(
            Map.of(LocationsHandler.PATH + "*", locations), Ordered.HIGHEST_PRECEDENCE);
    CorsConfiguration open = new CorsConfiguration();
    OpenAccess.open(open, "GET", "HEAD");
    mapping.setCorsConfigurations(Map.of(LocationsHandler.PATH + "*", open));
    return mapping;
  }

  @Bean
  OpenApiCustomizer locationsDescription() {
    ObjectSchema locations = new ObjectSchema();
    locations
        .addProperty(KEY, new StringSchema())
        .addProperty("urls", new ArraySchema().items(new StringSchema()))
        .addProperty("peers", new ArraySchema().items(new StringSchema()));
    Operation get =
        new Operation()
            .addTagsItem("Blocks")
            .summary(
                "Peers that say they have a block, and the URLs by which they can be asked for it")
            .addParametersItem(new PathParameter().name(KEY).schema(new StringSchema()))
            .responses(
                new ApiResponses()
                    .addApiResponse(
                        "200",
                        new ApiResponse()
                            .description("OK")
                            .content(
                                new Content()
                                    .addMediaType(
                                        MediaType.APPLICATION_JSON_VALUE,
                                        new io.swagger.v3.oas.models.media.MediaType()
                                            .schema(locations)))));
    return api -> api.path(LocationsHandler.PATH + "{" + KEY + "}", new PathItem().get(get));
  }
}
