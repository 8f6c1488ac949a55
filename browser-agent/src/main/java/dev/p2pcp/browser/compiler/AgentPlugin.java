package dev.p2pcp.browser.compiler;

import org.teavm.backend.javascript.TeaVMJavaScriptHost;
import org.teavm.backend.javascript.rendering.RenderingManager;
import org.teavm.classlib.impl.JCLPlugin;
import org.teavm.model.ListableClassHolderSource;
import org.teavm.vm.BuildTarget;
import org.teavm.vm.TeaVM;
import org.teavm.vm.spi.After;
import org.teavm.vm.spi.RendererListener;
import org.teavm.vm.spi.TeaVMHost;
import org.teavm.vm.spi.TeaVMPlugin;

/** Puts the steps of this package into the compiler, which finds it as a service. */
@After(JCLPlugin.class)
public final class AgentPlugin implements TeaVMPlugin {
  private final RecordMethods records = new RecordMethods();

  @Override
  public void install(TeaVMHost host) {
    TeaVMJavaScriptHost javaScript = host.getExtension(TeaVMJavaScriptHost.class);
    if (javaScript == null) {
      return;
    }
    host.add(new MonitorRemoval());
    host.add(new BrowserText());
    records.addTo(host, javaScript);
    CoroutineRuntime.addTo(javaScript);
    javaScript.add(
        new RendererListener() {
          @Override
          public void begin(RenderingManager manager, BuildTarget target) {
            ListableClassHolderSource classes =
                (ListableClassHolderSource) manager.getClassSource();
            ProvenChecks.removeFrom(classes);
            records.merge(classes, javaScript);
            new Coroutines(classes, ((TeaVM) host).getDependencyInfo(), javaScript)
                .rewrite(manager.getWriter());
            // Last: the steps before ask what implements what.
            InterfacePruning.prune(classes);
          }

          @Override
          public void complete() {}
        });
  }
}
