package dev.p2pcp.browser.compiler;

import dev.p2pcp.crypto.Sha256;
import org.teavm.model.BasicBlock;
import org.teavm.model.ClassHolder;
import org.teavm.model.Instruction;
import org.teavm.model.ListableClassHolderSource;
import org.teavm.model.MethodHolder;
import org.teavm.model.Variable;
import org.teavm.model.instructions.AssignInstruction;
import org.teavm.model.instructions.BoundCheckInstruction;
import org.teavm.model.instructions.CastInstruction;
import org.teavm.model.instructions.NullCheckInstruction;

/**
 * Takes out checks at run time of what is proven before: that nothing is null where it must not be
 * (NullAway), and that a cast holds (generics without unchecked warnings; explicit casts follow an
 * {@code instanceof}). Should a proof be wrong, the use of a null still throws, as the JavaScript
 * error that it is. The bounds of arrays are still checked, but for those of {@link Sha256}, which
 * checks what comes in by itself.
 */
final class ProvenChecks {
  private static final String HASHING = Sha256.class.getName();

  private ProvenChecks() {}

  static void removeFrom(ListableClassHolderSource classes) {
    for (String name : classes.getClassNames()) {
      ClassHolder owner = classes.get(name);
      for (MethodHolder method : owner.getMethods()) {
        if (method.getProgram() != null) {
          for (BasicBlock block : method.getProgram().getBasicBlocks()) {
            clear(block, name.equals(HASHING));
          }
        }
      }
    }
  }

  private static void clear(BasicBlock block, boolean bounds) {
    Instruction instruction = block.getFirstInstruction();
    while (instruction != null) {
      Instruction next = instruction.getNext();
      if (instruction instanceof NullCheckInstruction check) {
        replace(check, check.getValue(), check.getReceiver());
      } else if (instruction instanceof CastInstruction cast) {
        replace(cast, cast.getValue(), cast.getReceiver());
      } else if (bounds && instruction instanceof BoundCheckInstruction check) {
        replace(check, check.getIndex(), check.getReceiver());
      }
      instruction = next;
    }
  }

  private static void replace(Instruction check, Variable value, Variable receiver) {
    AssignInstruction assignment = new AssignInstruction();
    assignment.setAssignee(value);
    assignment.setReceiver(receiver);
    assignment.setLocation(check.getLocation());
    check.replace(assignment);
  }
}
