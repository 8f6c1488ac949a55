package dev.p2pcp.browser.compiler;

import java.util.HashSet;
import java.util.Set;
import org.teavm.model.BasicBlock;
import org.teavm.model.ClassHolder;
import org.teavm.model.ElementModifier;
import org.teavm.model.Instruction;
import org.teavm.model.ListableClassHolderSource;
import org.teavm.model.MethodHolder;
import org.teavm.model.ValueType;
import org.teavm.model.instructions.ClassConstantInstruction;
import org.teavm.model.instructions.IsInstanceInstruction;

/**
 * Takes out of the classes' metadata the interfaces that nothing asks for at run time: calls find a
 * method by its name, so an interface matters only if it has default methods, or if an object is
 * asked whether it implements it.
 */
final class InterfacePruning {
  private final ListableClassHolderSource classes;
  private final Set<String> asked = new HashSet<>();

  private InterfacePruning(ListableClassHolderSource classes) {
    this.classes = classes;
  }

  /** Prunes all classes. Casts that are checked must be gone already. */
  static void prune(ListableClassHolderSource classes) {
    InterfacePruning pruning = new InterfacePruning(classes);
    for (String name : classes.getClassNames()) {
      for (MethodHolder method : classes.get(name).getMethods()) {
        if (method.getProgram() != null) {
          for (BasicBlock block : method.getProgram().getBasicBlocks()) {
            pruning.collect(block);
          }
        }
      }
    }
    for (String name : classes.getClassNames()) {
      classes.get(name).getInterfaces().removeIf(type -> !pruning.matters(type));
    }
  }

  private void collect(BasicBlock block) {
    for (Instruction instruction : block) {
      if (instruction instanceof IsInstanceInstruction question) {
        add(question.getType());
      } else if (instruction instanceof ClassConstantInstruction constant) {
        add(constant.getConstant());
      }
    }
  }

  private void add(ValueType type) {
    ValueType item = type;
    while (item instanceof ValueType.Array array) {
      item = array.getItemType();
    }
    if (item instanceof ValueType.Object object) {
      asked.add(object.getClassName());
    }
  }

  private boolean matters(String name) {
    ClassHolder type = classes.get(name);
    if (type == null || asked.contains(name)) {
      return true;
    }
    for (MethodHolder method : type.getMethods()) {
      if (!method.hasModifier(ElementModifier.STATIC)
          && !method.hasModifier(ElementModifier.ABSTRACT)) {
        return true;
      }
    }
    return type.getInterfaces().stream().anyMatch(this::matters);
  }
}
