package dev.p2pcp.browser.compiler;

import org.teavm.model.BasicBlock;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.ElementModifier;
import org.teavm.model.Instruction;
import org.teavm.model.MethodHolder;
import org.teavm.model.instructions.MonitorEnterInstruction;
import org.teavm.model.instructions.MonitorExitInstruction;

/**
 * Takes monitors out of all classes. In the browser one coroutine runs until it suspends, and none
 * suspends inside a {@code synchronized} section, so a monitor guards nothing there; but entering
 * one could suspend, which would make a state machine of every method from there up, several times
 * its size. The JVM keeps them.
 */
public final class MonitorRemoval implements ClassHolderTransformer {
  @Override
  public void transformClass(ClassHolder cls, ClassHolderTransformerContext context) {
    for (MethodHolder method : cls.getMethods()) {
      method.getModifiers().remove(ElementModifier.SYNCHRONIZED);
      if (method.getProgram() != null) {
        for (BasicBlock block : method.getProgram().getBasicBlocks()) {
          clear(block);
        }
      }
    }
  }

  private static void clear(BasicBlock block) {
    Instruction instruction = block.getFirstInstruction();
    while (instruction != null) {
      Instruction next = instruction.getNext();
      if (instruction instanceof MonitorEnterInstruction
          || instruction instanceof MonitorExitInstruction) {
        instruction.delete();
      }
      instruction = next;
    }
  }
}
